// What a key means while the ladder has the keyboard.

export type Wish = { row: number } | { cursor: -1 | 1 } | 'details' | 'none';

/** Row to go to from row `now` of `count` (0-based; -1: none yet), a step of the cursor, the details, no row; nothing for other keys. */
export function wishOf({ key, ctrlKey, altKey, metaKey }: KeyboardEvent, now: number, count: number): Wish | undefined {
  // With these, keys belong to the browser.
  if (ctrlKey || altKey || metaKey) return undefined;
  const within = (row: number): Wish => ({ row: Math.min(count - 1, Math.max(0, row)) });
  switch (key) {
    case 'ArrowDown':
      return within(now + 1);
    case 'ArrowUp':
      return within(now - 1);
    case 'PageDown':
      return within(now + 10);
    case 'PageUp':
      return within(now - 10);
    case 'Home':
      return within(0);
    case 'End':
      return within(count - 1);
    case 'ArrowLeft':
      return { cursor: -1 };
    case 'ArrowRight':
      return { cursor: 1 };
    case 'Escape':
      return 'none';
    default:
      return key === 'Enter' ? 'details' : undefined;
  }
}
