// The effect picker: search and chips above, cards below, the chosen one with its photos beside them.
import type { AnyModel } from "@anywidget/types";
import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { Button } from "../ui/controls";
import { trait } from "../ui/trait";
import { KernelGone, type Wire } from "../ui/wire";
import { Chosen } from "./Chosen";
import { type Filter, Filters, ONE, TWO } from "./Filters";
import { Grid, type Numbered } from "./Grid";
import { search } from "./search";
import { Sheets } from "./sheets";
import { type EffectsTraits, type Table, unpack } from "./table";
import "./effects.css";

interface Props {
  model: AnyModel<EffectsTraits>;
  wire: Wire;
  signal: AbortSignal;
}

export function Effects({ model, wire, signal }: Props) {
  const table = useSignal<Table | null>(null);

  useEffect(() => {
    unpack(model.get("_effects_table")).then((unpacked) => {
      table.value = unpacked;
    });
  }, [model]);

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
    <div class="kw-effects" role="group" aria-label="Effects">
      {table.value ? (
        <Picker model={model} wire={wire} signal={signal} table={table.value} />
      ) : (
        <div class="kw-effects-blank" />
      )}
    </div>
  );
}

interface PickerProps extends Props {
  table: Table;
}

function Picker({ model, wire, signal, table }: PickerProps) {
  const scene = useMemo(() => trait(model, "scene", signal), [model, signal]);
  const photos = useMemo(() => trait(model, "_effects_photos", signal), [model, signal]);
  const sheets = useMemo(() => new Sheets(table.thumbnails, wire, signal), [table, wire, signal]);
  const effects = useMemo(() => table.effects.map((effect, index): Numbered => ({ ...effect, index })), [table]);
  const categories = useMemo(() => [...new Set(effects.map(({ category }) => category))], [effects]);
  const filter: Filter = { query: useSignal(""), category: useSignal(""), photos: useSignal<0 | 1 | 2>(0) };
  const trouble = useSignal("");
  const root = useRef<HTMLDivElement>(null);

  const found = useComputed(() => search(effects, filter.query.value));
  const shown = useComputed(() =>
    found.value.filter((effect) => ofCategory(effect, filter) && ofPhotos(effect, filter)),
  );
  const counts = useComputed(() => count(found.value, filter));
  const totals = useMemo(() => count(effects, null), [effects]);
  const retired = `The vendor's list of ${month(table.asOf)} no longer has this effect, so the service may refuse it.`;

  function choose(chosen: string) {
    model.set("scene", chosen);
    trouble.value = "";
    try {
      model.save_changes();
    } catch {
      trouble.value = new KernelGone().message;
    }
  }

  return (
    <div class="kw-effects-picker" ref={root}>
      <Filters
        filter={filter}
        counts={counts.value}
        totals={totals}
        categories={categories}
        onEnter={() => {
          const first = shown.value[0];
          if (first) choose(first.scene);
        }}
        onDown={() => root.current?.querySelector<HTMLElement>('[role="option"]')?.focus()}
      />
      <div class="kw-effects-browse">
        {trouble.value && (
          <p class="kw-error" role="alert">
            {trouble.value}
          </p>
        )}
        <Grid effects={shown.value} chosen={scene.value} sheets={sheets} retired={retired} onChoose={choose} />
        {shown.value.length === 0 && <Nothing filter={filter} />}
      </div>
      <Chosen
        wire={wire}
        effect={effects.find((effect) => effect.scene === scene.value)}
        photos={photos.value}
        sheets={sheets}
        retired={retired}
      />
    </div>
  );
}

function ofCategory({ category }: Numbered, filter: Filter): boolean {
  return filter.category.value === "" || category === filter.category.value;
}

function ofPhotos({ images }: Numbered, filter: Filter): boolean {
  return filter.photos.value === 0 || images === filter.photos.value;
}

/** How many effects each chip would show: its own kind of filter left out, the other kept. */
function count(effects: readonly Numbered[], filter: Filter | null): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const add = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const effect of effects) {
    if (!filter || ofPhotos(effect, filter)) add(effect.category);
    if (!filter || ofCategory(effect, filter)) add(effect.images === 1 ? ONE : TWO);
  }
  return counts;
}

function Nothing({ filter }: { filter: Filter }) {
  return (
    <div class="kw-effects-nothing" role="status">
      <p>{filter.query.value ? `No effect here is like “${filter.query.value}”.` : "No effect is of both kinds."}</p>
      <Button
        label="Show all"
        look="line"
        onClick={() => {
          filter.query.value = "";
          filter.category.value = "";
          filter.photos.value = 0;
        }}
      />
    </div>
  );
}

/** "2026-09" as "September 2026". */
function month(asOf: string): string {
  return new Date(`${asOf}-15`).toLocaleDateString("en", { month: "long", year: "numeric" });
}
