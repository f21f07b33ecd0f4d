/** Where the kernel's tracepoints are. */
import { existsSync } from 'node:fs';

/** libbpf's places, and its order. */
const TRACEFS = ['/sys/kernel/debug/tracing', '/sys/kernel/tracing'];

/** The folder with a folder for each category; undefined where tracefs is not mounted. @param places so that tests can be on another kernel */
export const eventsFolder = (places: readonly string[] = TRACEFS): string | undefined =>
  places.map((place) => `${place}/events`).find((folder) => existsSync(folder));
