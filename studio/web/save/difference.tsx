/** A difference as `git diff` writes it. What is added and removed is told by its sign, too, not by colour alone. */
export function Difference({ label, text }: { readonly label: string; readonly text: string }) {
  const lines = text.replace(/\n$/, "").split("\n");
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways is reached by keyboard
    <section className="difference" tabIndex={0} aria-label={label}>
      <pre>
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity and never move
          <Line key={index} line={line} />
        ))}
      </pre>
    </section>
  );
}

function Line({ line }: { readonly line: string }) {
  if (line.startsWith("@@")) return <span className="place">{`${line}\n`}</span>;
  const [sign] = line;
  const Part = sign === "+" ? "ins" : sign === "-" ? "del" : "span";
  return (
    <Part>
      <span className="sign">{sign}</span>
      {`${line.slice(1)}\n`}
    </Part>
  );
}
