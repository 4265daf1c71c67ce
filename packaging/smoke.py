"""Run the executable as an owner would: an empty directory, no Python, no PATH, no network but this machine's own.

    python packaging/smoke.py dist/socialai

Prints each figure beside what is wanted; exit code 1 when something does not work or is missed by far.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import httpx  # noqa: E402 - after the path, so that this checkout's sandbox is what runs
import pysqlite3  # noqa: E402

from socialai.sandbox.meta.graph import Sandbox  # noqa: E402
from socialai.sandbox.meta.records import WORLD  # noqa: E402

TENANT, VERIFY = "acme", "a-verify-token"
PASSWORD = "a long enough password"
QUESTION = "Do you ship to Norway?"
ARTICLE = "# Shipping\n\nYes, we ship to Norway. Shipping to Norway costs 9 euros and takes four days.\n"
MEGABYTE = 1e6
PATIENCE = 60.0


class Owner:
    """Somebody with the downloaded file, a folder for it and nothing else."""

    def __init__(self, executable: Path, place: Path) -> None:
        self.executable = executable
        self.place = place
        self.data = place / "data"

    def run(self, *words: object, said: str = "", data: Path | None = None) -> str:
        done = subprocess.run(
            [self.executable, *map(str, words)], env=self.environ(data), cwd=self.place, input=said,
            capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        if done.returncode:
            sys.exit(f"FAILED: socialai {' '.join(map(str, words))}\n{done.stdout}{done.stderr}")
        return done.stdout

    def environ(self, data: Path | None = None) -> dict[str, str]:
        return {
            "PATH": "",
            "HOME": str(self.place),
            "SOCIALAI_DATA_DIR": str(data or self.data),
            "SOCIALAI_DEBOUNCE_SECONDS": "0.2",
            "SOCIALAI_LOG_LEVEL": "WARNING",
        }

    @contextmanager
    def serving(self, data: Path | None = None) -> Iterator[tuple[str, float, int]]:
        """The hub's address, the seconds until its first page, and its process."""
        port = free_port()
        began = time.monotonic()
        process = subprocess.Popen(
            [self.executable, "serve", "--port", str(port)], env=self.environ(data), cwd=self.place,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        address = f"http://127.0.0.1:{port}"
        try:
            until(lambda: answers(f"{address}/login"), "the first page")
            yield address, time.monotonic() - began, deepest(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)


def main() -> None:
    alone()
    executable = Path(sys.argv[1]).absolute()
    with tempfile.TemporaryDirectory(prefix="smoke-") as scratch:
        place = Path(scratch)
        owner = Owner(Path(shutil.copy2(executable, place)), place)
        say("file", f"{executable.stat().st_size / MEGABYTE:.0f} MB", "<= 150 MB")
        owner.run("doctor")
        with owner.serving() as (_, seconds, _pid):
            say("first page, second start", f"{seconds:.1f} s", "<= 1 s")
        set_up(owner)
        first_start(owner)
        answer(owner)
        come_back(owner)
        upgrade(owner)
        sys.stdout.write("It works.\n")


def first_start(owner: Owner) -> None:
    """As on the day of the download: nothing is unpacked yet."""
    shutil.rmtree(owner.place / ".local")
    with owner.serving() as (_, seconds, _pid):
        say("first page, first start", f"{seconds:.1f} s", "<= 3 s")


def set_up(owner: Owner) -> None:
    (owner.place / "shipping.md").write_text(ARTICLE, encoding="utf-8")
    owner.run("tenant", "add", "Acme", "--owner", "ada@acme.example", "--password-stdin", said=f"{PASSWORD}\n")
    owner.run("knowledge", "add", "shipping.md")


def answer(owner: Owner) -> None:
    """A webhook in, an answer out."""
    page, app = WORLD.accounts[0], WORLD.apps[0]
    with Sandbox() as sandbox:
        fields = {
            "page_id": page.id, "page_token": page.token, "app_id": app.id, "app_secret": app.secret,
            "verify_token": VERIFY, "graph_url": sandbox.base_url,
        }  # fmt: skip
        owner.run("channel", "add", "facebook", "--stdin", said=json.dumps(fields))
        owner.run("channel", "mode", 1, "auto", "--intents", "support,inquiry,sales")
        with owner.serving() as (address, _, pid):
            until(lambda: httpx.get(f"{address}/ready").status_code == 200, "the models")
            sandbox.connect(f"{address}/webhooks/facebook/{TENANT}", VERIFY)
            sandbox.say("7001", QUESTION)
            if not sandbox.wait_until(lambda: bool(sandbox.sent("7001")), PATIENCE):
                sys.exit("FAILED: no answer came.")
            text = sandbox.sent("7001")[0].text
            if "Norway" not in (text or ""):
                sys.exit(f"FAILED: the answer says nothing of what was asked: {text}")
            say("answered", repr(text), "")
            rest(pid)


def rest(pid: int) -> None:
    """Memory and processor once nothing is left to do."""
    time.sleep(3)
    before, began = processor(pid), time.monotonic()
    time.sleep(10)
    share = (processor(pid) - before) / (time.monotonic() - began)
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    memory = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    say("idle memory, models warm", f"{memory / 1024:.0f} MiB", "<= 350 MB")
    say("idle processor", f"{share:.1%}", "< 1 %")


def come_back(owner: Owner) -> None:
    owner.run("backup", "--to", owner.place / "usb")
    made = next((owner.place / "usb").glob("*.zip"))
    new = owner.place / "new"
    owner.run("restore", made, "--key", owner.data / "secret.key", data=new)
    owner.run("doctor", data=new)
    for data in (owner.data, new):
        with pysqlite3.connect(data / "tenants" / TENANT / "tenant.db") as db:
            counts = [db.execute(f"select count(*) from {name}").fetchone()[0] for name in ("message", "article")]
        if data is new and counts != kept:
            sys.exit(f"FAILED: {kept} messages and articles were backed up and {counts} came back.")
        kept = counts
    say("backup and restore", f"{kept[0]} messages, {kept[1]} articles", "equal")


def upgrade(owner: Owner) -> None:
    """A business whose file the version before wrote."""
    from socialai.store.migrate import migrate

    old = owner.place / "old"
    shutil.copytree(owner.data, old)
    steps = sorted((ROOT / "migrations" / "tenant").glob("*.sql"))
    before = owner.place / "before"
    before.mkdir()
    for step in steps[:-1]:
        shutil.copy(step, before)
    path = old / "tenants" / TENANT / "tenant.db"
    for file in path.parent.glob("tenant.db*"):
        file.unlink()
    migrate(path, "tenant", before)
    said = owner.run("doctor", data=old)
    if steps[-1].stem not in said:
        sys.exit(f"FAILED: doctor does not say that {steps[-1].stem} is to come:\n{said}")
    owner.run("knowledge", "list", data=old)
    if steps[-1].stem in owner.run("doctor", data=old):
        sys.exit(f"FAILED: {steps[-1].stem} was not applied.")
    say("upgraded from", steps[-2].stem, steps[-1].stem)


def alone() -> None:
    """In a net of its own, where that is allowed: nothing but this machine can be reached."""
    if os.environ.get("SMOKE_ALONE") or not hasattr(os, "geteuid") or os.geteuid() or not shutil.which("unshare"):
        return
    command = ["unshare", "-n", sys.executable, __file__, *sys.argv[1:]]
    os.environ["SMOKE_ALONE"] = "1"
    os.execvp(command[0], command)


def loopback() -> None:
    """In a net of its own even the machine itself must be switched on first."""
    import fcntl
    import struct

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        up = struct.pack("16sh14x", b"lo", 0x1 | 0x40)  # IFF_UP | IFF_RUNNING
        fcntl.ioctl(any_socket, 0x8914, up)  # SIOCSIFFLAGS


def say(what: str, figure: str, wanted: str) -> None:
    sys.stdout.write(f"{what:<28} {figure:<24} {wanted}\n")
    sys.stdout.flush()


def answers(url: str) -> bool:
    """A page is shown; before somebody set the hub up it is the one that asks for the link (403)."""
    try:
        return httpx.get(url, follow_redirects=True).status_code in (200, 403)
    except httpx.HTTPError:
        return False


def until(condition: object, what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():  # type: ignore[operator]
        if time.monotonic() > deadline:
            sys.exit(f"FAILED: {what} did not come within {PATIENCE:.0f} s.")
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def deepest(pid: int) -> int:
    """The launcher waits for the program, which is its child."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return deepest(int(children[0])) if children else pid


def processor(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    if os.environ.get("SMOKE_ALONE"):
        loopback()
    main()
