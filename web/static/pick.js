// Examples chosen from past messages: what is ticked moves up and stays while something else is looked for.
document.addEventListener("change", (event) => {
  const box = event.target.closest("[data-pick]");
  if (!box) return;
  const row = box.closest("li");
  const twin = document.querySelector(`#picked [data-pick][value="${box.value}"]`);
  if (!box.checked || (twin && twin !== box)) row.remove();
  else document.querySelector("#picked").append(row);
});
// Enter in the field looks for messages; it does not send the form around it.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.id === "pick-words") event.preventDefault();
});
