// The few controls that every widget is made of.
import type { ButtonHTMLAttributes, ComponentChildren, TargetedMouseEvent } from "preact";

interface IconProps {
  /** The inside of a 24 by 24 Lucide icon, see icons.tsx. */
  children: ComponentChildren;
}

export function Icon({ children }: IconProps) {
  return (
    <svg class="kw-icon" viewBox="0 0 24 24" aria-hidden="true">
      {children}
    </svg>
  );
}

interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "icon"> {
  /** The accessible name; shown too unless `icon` is there. */
  label: string;
  icon?: ComponentChildren;
  /** Shown in the tooltip behind the name. */
  shortcut?: string;
  look?: "plain" | "line" | "main";
  pressed?: boolean;
  disabled?: boolean;
}

export function Button({ label, icon, shortcut, look = "plain", pressed, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      class={`kw-button kw-button-${look} ${rest.class ?? ""}`}
      aria-label={label}
      aria-pressed={pressed}
      title={rest.title || (shortcut ? `${label} (${shortcut})` : label)}
    >
      {icon ? <Icon>{icon}</Icon> : label}
    </button>
  );
}

interface LinkProps {
  label: string;
  onClick(event: TargetedMouseEvent<HTMLButtonElement>): void;
}

/** A button in the middle of words. */
export function Link({ label, onClick }: LinkProps) {
  return (
    <button type="button" class="kw-link" onClick={onClick}>
      {label}
    </button>
  );
}
