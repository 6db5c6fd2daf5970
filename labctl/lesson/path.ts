// The order in which lessons are best taken; lessons that nobody placed come after, by name.

const path = [
  'first-client',
  'second-client',
  'many-clients',
  'any-address',
  'refused',
  'no-answer',
  'who-closes-first',
  'address-in-use',
  'backlog-full',
  'zombies',
  'select-server',
  'stream-not-messages',
  'udp-contrast',
  'lost-syn',
  'lost-data',
  'lost-ack',
  'fast-retransmit',
  'cut-link',
  'server-killed',
  'peer-vanishes',
  'reset',
  'slow-reader',
  'ports-run-out',
  'dual-stack',
  'bulk',
];

const placeOf = (name: string): number => {
  const place = path.indexOf(name);
  return place < 0 ? path.length : place;
};

/** The lessons in the order of the path. */
export const inOrder = <Lesson extends { name: string }>(lessons: readonly Lesson[]): Lesson[] =>
  [...lessons].sort((a, b) => placeOf(a.name) - placeOf(b.name) || a.name.localeCompare(b.name, 'en'));

/** The first lesson after this one, on the path, that is not finished. */
export const nextLesson = <Lesson extends { name: string; finished: boolean }>(
  lessons: readonly Lesson[],
  after: string,
): Lesson | undefined => {
  const ordered = inOrder(lessons);
  const place = ordered.findIndex(({ name }) => name === after);
  const open = [...ordered.slice(place + 1), ...ordered.slice(0, place)];
  return open.find(({ finished }) => !finished);
};
