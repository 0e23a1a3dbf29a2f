// clock.mjs: programs that believe it is another day, by libfaketime.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

// Not through faketime(1): it stands between and catches signals, and its semaphore, named by a process id, outlives whoever is killed.
const library = ['/usr/lib', ...readdirSync('/usr/lib').map((name) => join('/usr/lib', name))].map((folder) => join(folder, 'faketime/libfaketime.so.1')).find(existsSync);

/** What a program needs in its environment to take it for noon of DAY (YYYY-MM-DD). */
export const clock = (day) => {
  assert(library, 'libfaketime is not installed: make deps-test');
  return { LD_PRELOAD: library, FAKETIME: `@${day} 12:00:00`, FAKETIME_DONT_FAKE_MONOTONIC: '1', TZ: 'UTC' };
};

/** The same as arguments of env(1). */
export const clockArguments = (day) => Object.entries(clock(day)).map(([name, value]) => `${name}=${value}`);

/** The day that is MONTHS (the day cut to the length of that month, as the thank-you has it) and then DAYS after FROM. */
export const later = (days, months = 0, from = new Date()) => {
  const first = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months, 1));
  const length = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(from.getUTCDate(), length) + days);
  return first.toISOString().slice(0, 10);
};
