// Knows how much room there is where images and runs go.

import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What the images take when they are made, and runs after that; below it a build ends halfway. */
export const neededBytes = 2 * 1024 ** 3;

export interface Room {
  folder: string;
  /** Bytes that an ordinary user may still fill. */
  free: number;
}

/** Room in the folder, or in its nearest parent that this user may see. */
export async function roomIn(folder: string): Promise<Room> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return { folder, free: bavail * bsize };
  } catch (error) {
    if (dirname(folder) === folder) throw error;
    return { ...(await roomIn(dirname(folder))), folder };
  }
}

/** `12.3 GiB`, one decimal, never rounded up. */
export const gibibytes = (bytes: number): string => `${(Math.floor((bytes / 1024 ** 3) * 10) / 10).toFixed(1)} GiB`;
