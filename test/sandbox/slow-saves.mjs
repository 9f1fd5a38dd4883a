import files from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { setTimeout as delay } from "node:timers/promises";

// Loaded into the sandbox before all else: its state is saved as slowly as one that is far away.
const { rename } = files;
files.rename = async (from, to) => {
  if (String(to).endsWith("sandbox.json")) await delay(100);
  return rename(from, to);
};
syncBuiltinESMExports();
