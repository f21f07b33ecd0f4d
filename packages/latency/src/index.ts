/** Latency histograms of BPF programs: the user-space half. */
export { Histogram } from './histogram';
export { Latency, type LinearScale, type LogScale, type Lost } from './latency';
export { Snapshot, type Bin } from './snapshot';
