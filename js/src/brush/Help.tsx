// The help sheet: every tool and key, from the table that the keys themselves are found in.
import { useLayoutEffect, useRef } from "preact/hooks";
import { Button } from "../ui/controls";
import { groupsOf } from "./keys";
import type { DeskProps } from "./tools/tool";

export function Help({ desk }: DeskProps) {
  const sheet = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const own = sheet.current;
    if (own === null) return;
    const before = (own.getRootNode() as Document | ShadowRoot).activeElement;
    const others = [...(own.parentElement?.children ?? [])].filter((one) => one !== own) as HTMLElement[];
    for (const other of others) other.inert = true;
    own.focus();
    return () => {
      for (const other of others) other.inert = false;
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);
  const close = () => {
    desk.help.value = false;
  };
  return (
    <div
      ref={sheet}
      class="kw-brush-help"
      role="dialog"
      aria-modal="true"
      aria-label="Tools and keys"
      tabIndex={-1}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Escape" || event.key === "?") close();
      }}
    >
      <div class="kw-brush-help-head">
        <strong>Tools and keys</strong>
        <Button label="Close" shortcut="Esc" look="line" onClick={close} />
      </div>
      <div class="kw-brush-help-groups">
        {groupsOf(desk.tools).map(({ title, keys }) => (
          <section key={title}>
            <h4>{title}</h4>
            <dl>
              {keys.map(({ shown, words }) => (
                <div key={shown}>
                  <dt>
                    <kbd>{shown}</kbd>
                  </dt>
                  <dd>{words}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </div>
  );
}
