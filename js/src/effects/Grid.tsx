// The cards: a listbox in two dimensions. The focus moves with the keys, Enter or a click chooses.
import { useSignal } from "@preact/signals";
import type { TargetedKeyboardEvent } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Sheets } from "./sheets";
import { Thumbnail } from "./Thumbnail";
import type { Effect } from "./table";

export interface Numbered extends Effect {
  /** Its place in the whole table, whatever is filtered. */
  index: number;
}

interface Props {
  effects: readonly Numbered[];
  chosen: string;
  sheets: Sheets;
  retired: string;
  onChoose(scene: string): void;
}

// As many cards as a wide screen shows.
const AT_FIRST = 36;

// Letters typed within this time make one word.
const WORD = 700;

export function Grid({ effects, chosen, sheets, retired, onChoose }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const focused = useSignal(chosen);
  const typed = useRef({ word: "", at: -WORD });
  const sight = useSight(list, sheets);
  // Tab comes in at the card last focused, else at the chosen one, else at the first.
  const entry = [focused.value, chosen].find((scene) => effects.some((effect) => effect.scene === scene));

  // What is in sight is painted first, the rest a moment later.
  const whole = useSignal(false);
  const drawn = whole.value ? effects : effects.slice(0, AT_FIRST);

  useEffect(() => {
    let timer = 0;
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => {
        whole.value = true;
      });
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, []);

  useEffect(() => bringIntoView(list.current, chosen), [chosen, whole.value]);

  function focus(index: number) {
    const card = list.current?.children[Math.min(Math.max(index, 0), effects.length - 1)];
    if (card instanceof HTMLElement) card.focus();
  }

  function typeAhead(key: string, at: number, from: number) {
    const going = at - typed.current.at < WORD;
    const word = (going ? typed.current.word : "") + key.toLowerCase();
    typed.current = { word, at };
    const begins = ({ title }: Effect) => title.toLowerCase().startsWith(word);
    // A new word looks beyond the card in focus, so that the same letter again goes on to the next.
    const after = effects.findIndex((effect, index) => index >= from + (going ? 0 : 1) && begins(effect));
    const found = after >= 0 ? after : effects.findIndex(begins);
    if (found >= 0) focus(found);
  }

  function onKeyDown(event: TargetedKeyboardEvent<HTMLDivElement>) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const from = [...event.currentTarget.children].indexOf(event.target as Element);
    if (from < 0) return;
    const across = columns(event.currentTarget);
    const to: Record<string, number> = {
      ArrowRight: from + 1,
      ArrowLeft: from - 1,
      ArrowDown: from + across < effects.length ? from + across : from,
      ArrowUp: from - across >= 0 ? from - across : from,
      PageDown: from + 3 * across,
      PageUp: from - 3 * across,
      Home: 0,
      End: effects.length - 1,
    };
    const target = to[event.key];
    const scene = effects[from]?.scene;
    if (target !== undefined) focus(target);
    else if (scene && (event.key === "Enter" || event.key === " ")) onChoose(scene);
    else if (event.key.length === 1) typeAhead(event.key, event.timeStamp, from);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div ref={list} class="kw-effects-grid" role="listbox" aria-label="Effects" tabIndex={-1} onKeyDown={onKeyDown}>
      {drawn.map((effect, place) => (
        <Card
          key={effect.scene}
          effect={effect}
          chosen={effect.scene === chosen}
          entry={entry ? effect.scene === entry : place === 0}
          sheets={sheets}
          sight={sight}
          retired={retired}
          onFocus={() => {
            focused.value = effect.scene;
          }}
          onChoose={onChoose}
        />
      ))}
    </div>
  );
}

interface CardProps {
  effect: Numbered;
  chosen: boolean;
  entry: boolean;
  sheets: Sheets;
  sight: IntersectionObserver;
  retired: string;
  onFocus(): void;
  onChoose(scene: string): void;
}

function Card({ effect, chosen, entry, sheets, sight, retired, onFocus, onChoose }: CardProps) {
  const card = useRef<HTMLDivElement>(null);
  const { scene, title, images, listed, icon, index } = effect;
  const notes = [images === 2 && "Takes two photos.", !listed && retired].filter(Boolean).join(" ");

  useEffect(() => {
    const element = card.current;
    if (!element) return;
    sight.observe(element);
    return () => sight.unobserve(element);
  }, [sight]);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox around it hears the keys
    <div
      ref={card}
      class={`kw-effects-card ${listed ? "" : "kw-effects-retired"}`}
      role="option"
      aria-selected={chosen}
      aria-label={title}
      aria-description={notes}
      title={[title, notes].filter(Boolean).join("\n")}
      tabIndex={entry ? 0 : -1}
      data-index={index}
      data-scene={scene}
      onFocus={onFocus}
      onClick={() => onChoose(scene)}
    >
      <Thumbnail sprite={sheets.sprite(index)} icon={icon} />
      {images === 2 && <span class="kw-effects-two">2</span>}
      {!listed && <span class="kw-effects-old">retired</span>}
      <span class="kw-effects-title">{title}</span>
    </div>
  );
}

/** Tells the sheets which cards are, or will soon be, in sight. */
function useSight(list: { current: HTMLDivElement | null }, sheets: Sheets): IntersectionObserver {
  const held = useRef<IntersectionObserver>(null);
  held.current ??= new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries)
      if (isIntersecting && list.current) sheets.need(Number((target as HTMLElement).dataset.index));
  });
  const observer = held.current;
  useEffect(() => () => observer.disconnect(), [observer]);
  return observer;
}

function columns(grid: Element): number {
  return getComputedStyle(grid).gridTemplateColumns.split(" ").length;
}

/** Scrolls the list alone: scrollIntoView would take the whole notebook along. */
function bringIntoView(list: HTMLElement | null, scene: string): void {
  const card = [...(list?.children ?? [])].find((child) => (child as HTMLElement).dataset.scene === scene);
  if (!list || !(card instanceof HTMLElement)) return;
  const top = card.offsetTop - list.offsetTop;
  const hidden = top < list.scrollTop || top + card.offsetHeight > list.scrollTop + list.clientHeight;
  if (hidden) list.scrollTop = top - (list.clientHeight - card.offsetHeight) / 2;
}
