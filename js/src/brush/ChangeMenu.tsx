// What can be done to the area in hand as a whole; in the second bundle.
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { grow, invert, shrink, smoothen, swap } from "../paint/areas";
import type { Painting } from "../paint/painting";
import { AREAS, isArea, STATIC } from "../paint/plane";
import { Icon } from "../ui/controls";
import { done } from "../ui/icons";
import { AreaDisc } from "./AreaDisc";
import type { DeskProps } from "./tools/tool";
import { areaName } from "./words";

interface MenuProps extends DeskProps {
  /** `back`: with the focus on the button again. */
  close: (back: boolean) => void;
}

export function ChangeMenu({ desk, close }: MenuProps) {
  const { document } = desk;
  const menu = useRef<HTMLDivElement>(null);
  document.version.value;
  const painting = document.painting.value;
  const area = desk.area.value;
  const empty = !painting || painting.share(area) === 0;

  useLayoutEffect(() => {
    const it = menu.current;
    const room = it?.closest(".kw-brush")?.getBoundingClientRect();
    if (!it || !room) return;
    // Inside the brush: what sticks out of it a notebook's output cuts off.
    it.style.left = `${Math.min(0, room.right - it.getBoundingClientRect().right)}px`;
    itemsOf(it)[0]?.focus();
    const end = new AbortController();
    const outside = (event: Event) => {
      if (it.parentElement && !event.composedPath().includes(it.parentElement)) close(false);
    };
    window.addEventListener("pointerdown", outside, { capture: true, signal: end.signal });
    return () => end.abort();
  }, []);

  const change = async (words: string, work: (painting: Painting) => void) => {
    await document.rest();
    desk.guard();
    document.change(work, words, area);
  };
  /** Steps that add up leave the menu open for the next. */
  const step = (name: string, words: string, work: typeof grow) => (
    <Item idle={empty} run={() => change(`${areaName(area)} ${words}`, (it) => work(it, area))}>
      {name}
    </Item>
  );
  const once = (run: () => void) => () => {
    run();
    close(true);
  };
  return (
    <div
      ref={menu}
      class="kw-brush-menu"
      role="menu"
      aria-label="Change area"
      onKeyDown={(event) => walk(event, close)}
    >
      {step("Grow", "grown", grow)}
      {step("Shrink", "shrunk", shrink)}
      {step("Smooth", "smoothed", smoothen)}
      <Item run={once(() => change(`${areaName(area)} inverted`, (it) => invert(it, area)))}>Invert</Item>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset has no place in a menu */}
      <div class="kw-brush-swaps" role="group" aria-label="Swap with">
        <span>Swap with</span>
        {([...AREAS, STATIC] as const)
          .filter((other) => other !== area)
          .map((other) => (
            <Item
              key={other}
              label={`Swap with ${areaName(other)}`}
              run={once(() =>
                change(`${areaName(area)} and ${areaName(other)} swapped. ${areaName(area)}`, (it) =>
                  swap(it, area, other),
                ),
              )}
            >
              <AreaDisc label={other} bare={!painting || painting.share(other) === 0} />
            </Item>
          ))}
      </div>
      <Item
        checked={desk.protect.value}
        run={() => {
          desk.protect.value = !desk.protect.value;
          document.said.value = desk.protect.value ? "Other areas are protected" : "Other areas can be painted over";
        }}
      >
        Protect other areas
      </Item>
      <Item
        idle={empty && !(isArea(area) && painting?.paths.has(area))}
        run={once(() => desk.clear())}
      >{`Clear ${areaName(area)}`}</Item>
    </div>
  );
}

interface ItemProps {
  run: () => void;
  children: ComponentChildren;
  label?: string;
  /** Given where it is a switch. */
  checked?: boolean;
  idle?: boolean;
}

/** What is idle stays in reach of the arrow keys: it may become so under the focus. */
function Item({ run, children, label, checked, idle = false }: ItemProps) {
  return (
    <button
      type="button"
      class="kw-button kw-brush-item"
      {...(checked === undefined ? { role: "menuitem" } : { role: "menuitemcheckbox", "aria-checked": checked })}
      tabIndex={-1}
      aria-label={label}
      title={label}
      aria-disabled={idle}
      onClick={() => !idle && run()}
    >
      {children}
      {checked && <Icon>{done}</Icon>}
    </button>
  );
}

function itemsOf(menu: Element): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>("button")];
}

function walk(event: KeyboardEvent, close: (back: boolean) => void): void {
  const items = itemsOf(event.currentTarget as Element);
  const at = items.indexOf(event.target as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
  if (event.key === "Tab") close(true);
  else if (event.key === "Escape") {
    close(true);
    event.preventDefault();
    event.stopPropagation();
  } else if (to !== undefined) {
    items.at(to % items.length)?.focus();
    event.preventDefault();
    event.stopPropagation();
  }
}
