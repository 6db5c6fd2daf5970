// Knows how a user can type labctl right now: by its name once it is on PATH, through npx in a clone.

/** `labctl` where that runs this very package, else `npx labctl`. */
export const commandName = (): string => 'npx labctl';
