/** What begins each line that is meant for Lectern: what an image's start script prints goes to the same log. */
export const MARK = "LECTERN-PROOF";

/** Bytes of the outputs of a notebook that come with the result, so that a log holds them before it is rotated. */
export const OUTPUT_LIMIT = 4 * 2 ** 20;

/** Characters of an error that are kept, from its end; and those of one that comes after outputs up to the limit. */
const ERROR_LIMIT = 50_000;
const ERROR_LEAST = 1_000;

/**
 * Executes a notebook in a container, by the nbclient of the image. It prints the number of each cell before it is
 * executed, and last the report (job-report.ts) in short lines, with their digest. What the notebook prints goes to
 * its kernel's channels, and not to the log. Arguments: the folder of what is given (job-payload.ts), a folder to work
 * in, and a word that is in each line.
 */
export const PROOF_SCRIPT = `
import asyncio, base64, glob, gzip, hashlib, json, os, re, subprocess, sys, time, zlib
parts, root, word = sys.argv[1:4]
began = time.monotonic()
report = {"cells": [], "seconds": 0}

def line(kind, text):
    # Begins a line of its own, whatever was printed before it.
    sys.stdout.write("\\n${MARK} %s %s %s\\n" % (word, kind, text))
    sys.stdout.flush()

def end(**more):
    report.update(more, seconds=round(time.monotonic() - began, 1))
    data = base64.b64encode(zlib.compress(json.dumps(report).encode())).decode()
    pieces = [data[at:at + 6000] for at in range(0, len(data), 6000)]
    for number, piece in enumerate(pieces):
        line("report", "%d/%d %s" % (number + 1, len(pieces), piece))
    line("end", hashlib.sha256(data.encode()).hexdigest())
    os._exit(0)

payload = b"".join(open(path, "rb").read() for path in sorted(glob.glob(os.path.join(parts, "part-*"))))
given = json.loads(gzip.decompress(payload).decode())

try:
    import nbformat
    from jupyter_client.kernelspec import KernelSpecManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, DeadKernelError
except ImportError as error:
    end(impossible="the image can't run notebooks, as it has no %s; install nbclient in it" % (error.name,))

course = os.path.join(root, "course")
folder = os.path.join(course, given["folder"])
os.makedirs(folder, exist_ok=True)
for file in given["files"]:
    path = os.path.join(course, file["path"])
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as out:
        out.write(base64.b64decode(file["content"]))
# The home folder of a server is a volume, and may be missing here or not be writable.
for name in ("JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "MPLCONFIGDIR"):
    os.environ[name] = os.path.join(root, name.lower())
    os.makedirs(os.environ[name], exist_ok=True)
os.chdir(folder)

specs = KernelSpecManager()
known = specs.find_kernel_specs()
kernel = next((name for name in (given["kernel"], "python3") if name in known), None)
if kernel is None:
    end(impossible="the image has no kernel %s" % (given["kernel"] or "python3",))
language = specs.get_kernel_spec(kernel).language
is_python = re.match("i?python", language, re.I) is not None
if given["seeded"] and not is_python:
    end(impossible="lecture.yaml has seed, which is not supported for kernels in %s, only in Python" % (language,))

class Client(NotebookClient):
    room = given["outputs"]

    def process_message(self, msg, *rest):
        if msg["msg_type"] == "error":
            # Nothing fails without a reason: the end of one is kept however much came before it.
            size = min(${ERROR_LIMIT}, max(self.room, ${ERROR_LEAST}))
            error = msg["content"]
            lines = "\\n".join(error.get("traceback") or [])
            content = dict(error, evalue=str(error.get("evalue", ""))[-size:], traceback=[lines[-size:]])
            self.room -= len(json.dumps(content, default=str))
            return super().process_message(dict(msg, content=content), *rest)
        if msg["msg_type"] in ("stream", "display_data", "execute_result", "update_display_data"):
            size = len(json.dumps(msg["content"], default=str))
            if size > self.room:
                report["dropped"] = True
                return None
            self.room -= size
        return super().process_message(msg, *rest)

book = nbformat.v4.new_notebook()
client = Client(book, timeout=None, kernel_name=kernel)

async def execute(code, limit):
    cell = nbformat.v4.new_code_cell(code)
    book.cells.append(cell)
    task = asyncio.ensure_future(client.async_execute_cell(cell, len(book.cells) - 1))
    done, _ = await asyncio.wait({task}, timeout=limit)
    late = not done
    if late:
        interrupted = client.km.interrupt_kernel()
        if asyncio.iscoroutine(interrupted):
            await interrupted
        done, _ = await asyncio.wait({task}, timeout=10)
    traceback = None
    if done:
        try:
            task.result()
        except CellExecutionError as error:
            errors = [one for one in cell.outputs if one.output_type == "error"]
            traceback = "\\n".join(errors[-1].traceback) if errors else str(error)[-${ERROR_LIMIT}:]
    return {"traceback": traceback, "late": late, "outputs": cell.outputs}

async def prepare():
    for code in given["setup"] if is_python else []:
        failed = await execute(code, given["setupTimeout"])
        if failed["late"] or failed["traceback"] is not None:
            lines = (failed["traceback"] or "it took too long").strip().splitlines()
            end(impossible="the kernel can't be prepared: %s" % (lines[-1],))

async def run():
    silent = subprocess.DEVNULL
    async with client.async_setup_kernel(cwd=folder, stdout=silent, stderr=silent):
        try:
            await prepare()
            first = time.monotonic()
            for cell in given["cells"]:
                at = time.monotonic() - first
                left = given["timeout"] - at
                if left <= 0:
                    report["stopped"] = at
                    break
                line("cell", cell["number"])
                result = await execute(cell["code"], min(left, given["cellTimeout"]))
                if not given["compared"]:
                    result["outputs"] = []
                report["cells"].append(dict(result, number=cell["number"], at=at))
                if result["late"] or (result["traceback"] is not None and not cell["mayFail"]):
                    break
            if is_python:
                peak = await execute(given["measure"], 20)
                report["measured"] = "".join(one.get("text", "") for one in peak["outputs"])
        except DeadKernelError:
            report["ended"] = "it was killed, as by a limit of memory, or has ended itself"
        try:
            stopped = client.km.shutdown_kernel(now=True)
            if asyncio.iscoroutine(stopped):
                await asyncio.wait_for(stopped, 10)
        except Exception:
            pass
        end()

try:
    asyncio.run(run())
except Exception as error:
    end(impossible="the kernel %s can't be started: %s: %s" % (kernel, type(error).__name__, error))
`;
