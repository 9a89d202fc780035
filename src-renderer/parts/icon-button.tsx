const SHAPES = {
  // Two sliders: a gear of this size looks like a sun.
  settings:
    'M2.5 6h6M12.5 6h3M8.5 6a2 2 0 1 0 4 0a2 2 0 1 0-4 0M2.5 12.5h2M8.5 12.5h7M4.5 12.5a2 2 0 1 0 4 0a2 2 0 1 0-4 0',
  back: 'M11 3.5 5.5 9l5.5 5.5',
  close: 'M5 5l8 8M13 5l-8 8',
} as const;

/** A button that is only a picture; its label is for those who cannot see it, and for the pointer. */
export function IconButton(props: {
  readonly shape: keyof typeof SHAPES;
  readonly label: string;
  onPress(): void;
}) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={props.label}
      title={props.label}
      onClick={props.onPress}
    >
      <svg viewBox="0 0 18 18" aria-hidden>
        <path d={SHAPES[props.shape]} />
      </svg>
    </button>
  );
}
