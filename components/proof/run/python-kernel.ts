/** Whether a kernel's language is Python, in which its working folder, files, seeds and limits are set up. */
export const isPython = (language: string) => /^i?python/i.test(language);

/** What is set up in a kernel before the first cell. */
export interface Setup {
  /** Names the working folder, so that the next run of the same notebook finds what a killed one left. */
  readonly id: string;
  /** The folder of the notebook in its course, `.` for the course's own. */
  readonly folder: string;
  readonly seed?: number | undefined;
  readonly network: boolean;
  /** Bytes of data. */
  readonly memory: number;
}

/** Bytes of one file that a notebook may write: a full disk would end the kernels of others. */
const LARGEST_FILE = 2 ** 31;

/** A cell that makes the working folder, and goes there. */
export const openFolder = ({ id, folder }: Setup) => cell(OPEN, { id, folder });

/** A cell that adds to a file below the course's folder. @param base64 of the bytes */
export const addToFile = ({ id }: Setup, path: string, base64: string) => cell(ADD, { id, path, base64 });

/** A cell that seeds and limits: after the files, which it would limit too. */
export const limit = ({ seed, network, memory }: Setup) =>
  cell(LIMIT, { seed, network, memory, file: LARGEST_FILE });

/** A cell that prints the peak of the kernel's memory in bytes, as `{"peak": 1}`. */
export const measure = () => cell(MEASURE, {});

/** A cell that removes the working folder. */
export const removeFolder = ({ id }: Setup) => cell(REMOVE, { id });

/** JSON text is a string of Python too. Names of the setup stay out of the notebook's. */
const cell = (source: string, given: object) =>
  `exec(${JSON.stringify(source)}, {"given": __import__("json").loads(${JSON.stringify(JSON.stringify(given))})})`;

const FOLDER = `
import os, shutil, tempfile
root = os.path.join(tempfile.gettempdir(), "lectern-proof-" + given["id"])
`;

const OPEN = `${FOLDER}
shutil.rmtree(root, ignore_errors=True)
os.makedirs(root, mode=0o700)
os.makedirs(os.path.join(root, given["folder"]), exist_ok=True)
os.chdir(os.path.join(root, given["folder"]))
`;

const ADD = `${FOLDER}
import base64
path = os.path.join(root, given["path"])
os.makedirs(os.path.dirname(path), exist_ok=True)
with open(path, "ab") as file:
    file.write(base64.b64decode(given["base64"]))
`;

const REMOVE = `${FOLDER}
os.chdir(tempfile.gettempdir())
shutil.rmtree(root, ignore_errors=True)
`;

// An audit hook sees what goes through Python's own sockets, whatever imported them before. ZeroMQ, by which the
// kernel speaks with the gateway, does not use them.
const LIMIT = `
import sys
if given.get("seed") is not None:
    def seed():
        import random
        random.seed(given["seed"])
        try:
            import numpy
            numpy.random.seed(given["seed"])
        except Exception:
            pass
    try:
        from IPython import get_ipython
        events = get_ipython().events
        # What the kernel itself draws before the notebook's first cell does not count.
        def first(*_):
            events.unregister("pre_run_cell", first)
            seed()
        events.register("pre_run_cell", first)
    except Exception:
        seed()
if not given["network"]:
    import ipaddress
    def is_here(host):
        if isinstance(host, bytes):
            host = host.decode(errors="replace")
        if host in (None, "", "localhost"):
            return True
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return False
    def refuse(event, arguments):
        if event in ("socket.connect", "socket.sendto"):
            address = arguments[1]
            host = address[0] if isinstance(address, tuple) else None
        elif event == "socket.getaddrinfo":
            host = arguments[0]
        else:
            return
        if not is_here(host):
            raise OSError("lecture.yaml has network: false, and the notebook connects to %s" % (host,))
    sys.addaudithook(refuse)
try:
    import resource
    for kind, most in ((resource.RLIMIT_DATA, given["memory"]), (resource.RLIMIT_FSIZE, given["file"])):
        soft, hard = resource.getrlimit(kind)
        if hard == resource.RLIM_INFINITY or most < hard:
            resource.setrlimit(kind, (int(most), hard))
except (ImportError, ValueError, OSError):
    pass
`;

// A process that was forked has the peak of its parent in its resource usage, and not in its status.
const MEASURE = `
import json, re
peak = None
try:
    with open("/proc/self/status") as status:
        peak = int(re.search(r"VmHWM:\\s*(\\d+)", status.read()).group(1)) * 1024
except Exception:
    try:
        import resource, sys
        unit = 1 if sys.platform == "darwin" else 1024
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    except Exception:
        pass
print(json.dumps({"peak": peak}))
`;
