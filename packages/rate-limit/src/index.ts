/** Token buckets that BPF programs ask: the user-space half. */
export { RateLimit, type Counts, type Limit } from './rate-limit';
