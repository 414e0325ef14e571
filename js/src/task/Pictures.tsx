// The pictures of a task: their bytes come from the kernel and live in blob URLs as long as the view does.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Button } from "../ui/controls";
import type { Wire } from "../ui/wire";

/** What the kernel says of a picture: widgets/task_view.py. */
interface About {
  name: string;
  path: string;
}

interface Props {
  wire: Wire;
  count: number;
}

export function Pictures({ wire, count }: Props) {
  const all = Array.from({ length: count }, (_, n) => n);
  return (
    <ol class="kw-task-pictures">
      {all.map((n) => (
        <li key={n}>
          <OnePicture wire={wire} n={n} count={count} />
        </li>
      ))}
    </ol>
  );
}

function OnePicture({ wire, n, count }: Props & { n: number }) {
  const picture = useSignal<{ url: string; about: About } | null>(null);
  const refused = useSignal("");
  const attempt = useSignal(0);

  useEffect(() => {
    const own = new AbortController();
    refused.value = "";
    wire.ask<About>("task.picture", { n }).then(
      ({ body, bytes }) => {
        if (own.signal.aborted) return;
        const url = URL.createObjectURL(new Blob([bytes]));
        own.signal.addEventListener("abort", () => URL.revokeObjectURL(url));
        picture.value = { url, about: body };
      },
      (error: Error) => {
        if (!own.signal.aborted) refused.value = error.message;
      },
    );
    return () => own.abort();
  }, [n, attempt.value]);

  if (refused.value)
    return (
      <div role="alert">
        <p>{refused.value}</p>
        <Button label="Load again" look="line" onClick={() => attempt.value++} />
      </div>
    );
  if (!picture.value) return <span class="kw-soft">Loading the picture</span>;
  const { url, about } = picture.value;
  return (
    <a href={url} download={about.name} title={`Download ${about.path}`}>
      <img src={url} alt={`Result ${n + 1} of ${count}`} />
    </a>
  );
}
