// How the brush speaks of areas and numbers.
import { type Label, STATIC } from "../paint/plane";

export function areaName(label: Label): string {
  return label === STATIC ? "Static area" : `Area ${label}`;
}

/** A share of the picture: "4.1 %", and never "0.0 %" of something that is there. */
export function inPercent(share: number): string {
  if (share > 0 && share < 0.0005) return "under 0.1 %";
  return `${(share * 100).toFixed(1)} %`;
}
