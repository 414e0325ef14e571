// From Lucide, ISC licence, as ui/icons.tsx.
export { brush, clear, eraser, fill, fit, pan, path, redo, undo } from "../ui/icons";

export const zoomIn = (
  <>
    <path d="M5 12h14" />
    <path d="M12 5v14" />
  </>
);
export const zoomOut = <path d="M5 12h14" />;
