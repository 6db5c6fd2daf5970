import { expect, it } from 'vitest';
import { RowStore, type Spill } from './row-store.ts';

function memorySpill(): Spill & { writes: number } {
  const kept = new Map<number, Uint8Array>();
  return {
    writes: 0,
    write(bytes, at) {
      this.writes += 1;
      kept.set(at, bytes.slice());
    },
    read: (bytes, at) => bytes.set(kept.get(at) ?? new Uint8Array(bytes.length)),
  };
}

function set(store: RowStore, row: number, value: number): void {
  const at = store.at(row);
  store.ints[at + 1] = value;
}

const shape = { stride: 4, blockBits: 2, mostRows: 32 };

it('keeps every row, those that were pushed out of memory too', () => {
  const spill = memorySpill();
  const store = new RowStore(shape, () => spill);
  for (let row = 0; row < 1000; row += 1) set(store, row, 3 * row);
  for (const row of [0, 999, 17, 500, 3, 998]) {
    const at = store.at(row);
    expect([store.ints[at], store.ints[at + 1]]).toEqual([0, 3 * row]);
    store.doubles[(at + 2) / 2] = row + 0.5;
  }
  expect(store.ints.length).toBe(32 * 4);
  expect(store.doubles[(store.look(17) + 2) / 2]).toBe(17.5);
});

it('writes no row away that was only read', () => {
  const spill = memorySpill();
  const store = new RowStore(shape, () => spill);
  for (let row = 0; row < 100; row += 1) store.at(row);
  store.look(0);
  const before = spill.writes;
  for (let turn = 0; turn < 3; turn += 1) for (let row = 0; row < 100; row += 1) store.look(row);
  expect(spill.writes - before).toBeLessThanOrEqual(8);
});

it('takes rows that were left out for zeros, and grows without a limit where there is no spill', () => {
  const store = new RowStore(shape);
  set(store, 100_000, 7);
  set(store, 100_001, 8);
  expect([99_000, 100_000, 100_001].map((row) => store.ints[store.look(row) + 1])).toEqual([0, 7, 8]);
});
