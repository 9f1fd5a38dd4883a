import { useEffect, useRef, useState } from "react";
import type { StudentsForm } from "../../../../api/form.ts";
import { strings } from "../../../strings.ts";

const text = strings.profiles.form;

/** A form with the number of the frame that shows it. */
interface Shown {
  readonly id: number;
  readonly form: StudentsForm;
}

let made = 0;

/**
 * The form in a frame that has no origin. Each form gets a frame of its own, as a document shows one list; the one
 * before stays in sight until the next is there.
 */
export function FormFrame({ form, isStale }: { readonly form: StudentsForm; readonly isStale: boolean }) {
  const [frames, setFrames] = useState<readonly Shown[]>([]);
  useEffect(() => {
    made += 1;
    const next = { id: made, form };
    setFrames((before) => [...before.slice(-1), next]);
  }, [form]);
  const settle = (id: number) => setFrames((before) => before.filter((one) => one.id >= id));
  const [first] = frames;
  return (
    <div className={`form-frames${isStale ? " stale" : ""}`}>
      {frames.map((one) => (
        <OneFrame key={one.id} {...one} isBehind={one !== first} shown={() => settle(one.id)} />
      ))}
    </div>
  );
}

function OneFrame({
  form,
  isBehind,
  shown,
}: Shown & { readonly isBehind: boolean; readonly shown: () => void }) {
  const frame = useRef<HTMLIFrameElement>(null);
  useEffect(() => {
    const hear = ({ source, data }: MessageEvent<unknown>) => {
      const to = frame.current?.contentWindow;
      if (!to || source !== to) return;
      const said =
        typeof data === "object" && data !== null && "studentsForm" in data ? data.studentsForm : undefined;
      // The frame has no origin that could be named.
      if (said === "ready") to.postMessage({ list: form.list, html: form.html }, "*");
      if (said === "shown") shown();
    };
    addEventListener("message", hear);
    return () => removeEventListener("message", hear);
  });
  return (
    <iframe
      ref={frame}
      className={isBehind ? "behind" : ""}
      title={isBehind ? "" : text.title}
      aria-hidden={isBehind}
      tabIndex={isBehind ? -1 : 0}
      sandbox="allow-scripts"
      src={`api/form/${form.frame}`}
    />
  );
}
