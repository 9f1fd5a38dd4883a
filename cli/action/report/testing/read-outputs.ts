/** Reads a file of outputs as the runner does: a name and the line that ends its value, then lines up to that one. */
export function readOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  const lines = text.split("\n");
  for (let line = lines.shift(); line; line = lines.shift()) {
    const [name = "", end] = line.split("<<");
    const value: string[] = [];
    for (let one = lines.shift(); one !== undefined && one !== end; one = lines.shift()) value.push(one);
    outputs[name] = value.join("\n");
  }
  return outputs;
}
