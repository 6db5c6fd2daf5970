// How endurance scripts tell what came out: a line at a time, on standard output.

export const say = (text: string) => process.stdout.write(`${text}\n`);
