import { useState } from "react";

/** A document without scripts, as tall as what it shows; it is of this origin so that it can be measured. */
export function SealedFrame({ title, source }: { readonly title: string; readonly source: string }) {
  const [height, setHeight] = useState(320);
  return (
    <iframe
      className="notebook"
      title={title}
      src={source}
      height={height}
      sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
      onLoad={({ currentTarget }) => {
        const body = currentTarget.contentDocument?.documentElement;
        if (body) setHeight(Math.min(body.scrollHeight + 2, 20_000));
      }}
    />
  );
}
