// How endurance scripts tell what came out: a line at a time, on standard output; their short forms in a test say nothing.

export const say = (text: string) => process.env['VITEST'] !== undefined || process.stdout.write(`${text}\n`);
