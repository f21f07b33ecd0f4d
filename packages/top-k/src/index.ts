/** The most frequent keys that BPF programs see: the user-space half. */
export { Summary, type Entry, type TopEntry } from './summary';
export { TopK } from './top-k';
