// The search box and the quiet chips under it.
import type { Signal } from "@preact/signals";
import { Icon } from "../ui/controls";
import { search } from "../ui/icons";

/** What narrows the cards; it lives in the view, Python need not know. */
export interface Filter {
  query: Signal<string>;
  /** Empty for all. */
  category: Signal<string>;
  /** 0 for any number. */
  photos: Signal<0 | 1 | 2>;
}

interface Props {
  filter: Filter;
  /** How many effects each chip would show, by its label. */
  counts: ReadonlyMap<string, number>;
  /** The same with nothing filtered: a chip keeps its width, or the row would jump while one types. */
  totals: ReadonlyMap<string, number>;
  categories: readonly string[];
  /** Enter takes the first result, the down arrow goes to the cards. */
  onEnter(): void;
  onDown(): void;
}

export const ONE = "One photo";
export const TWO = "Two photos";

export function Filters({ filter, counts, totals, categories, onEnter, onDown }: Props) {
  const { query, category, photos } = filter;
  return (
    <div class="kw-effects-filters">
      <div class="kw-effects-search">
        <Icon>{search}</Icon>
        <input
          type="search"
          class="kw-field"
          aria-label="Search effects"
          placeholder="Search effects"
          value={query.value}
          onInput={({ currentTarget }) => {
            query.value = currentTarget.value;
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter") onEnter();
            else if (event.key === "ArrowDown") onDown();
            else if (event.key === "Escape") query.value = "";
            else return;
            event.preventDefault();
            event.stopPropagation();
          }}
        />
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields */}
      <div class="kw-effects-chips" role="group" aria-label="Filters">
        {([1, 2] as const).map((number) => (
          <Chip
            key={number}
            label={number === 1 ? ONE : TWO}
            count={counts.get(number === 1 ? ONE : TWO) ?? 0}
            total={totals.get(number === 1 ? ONE : TWO) ?? 0}
            pressed={photos.value === number}
            onPress={() => {
              photos.value = photos.value === number ? 0 : number;
            }}
          />
        ))}
        <span class="kw-effects-rule" />
        {categories.map((name) => (
          <Chip
            key={name}
            label={name}
            count={counts.get(name) ?? 0}
            total={totals.get(name) ?? 0}
            pressed={category.value === name}
            onPress={() => {
              category.value = category.value === name ? "" : name;
            }}
          />
        ))}
      </div>
    </div>
  );
}

interface ChipProps {
  label: string;
  count: number;
  total: number;
  pressed: boolean;
  onPress(): void;
}

function Chip({ label, count, total, pressed, onPress }: ChipProps) {
  return (
    <button
      type="button"
      class="kw-button kw-effects-chip"
      aria-pressed={pressed}
      disabled={count === 0 && !pressed}
      onClick={onPress}
    >
      {label}{" "}
      <span class="kw-soft kw-small kw-number" style={{ minWidth: `${String(total).length}ch` }}>
        {count}
      </span>
    </button>
  );
}
