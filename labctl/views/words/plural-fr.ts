// How many of something, in French: what is less than two is singular.

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count < 2 ? one : many}`;
