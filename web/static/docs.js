// The page at /schema/docs. No validator: it would ask a server outside this machine.
SwaggerUIBundle({
  url: "/schema",
  dom_id: "#docs",
  deepLinking: true,
  validatorUrl: null,
});
