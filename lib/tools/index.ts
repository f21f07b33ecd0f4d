/** The door of 'libbpf-subskel/tools': what every tool that prints BPF data writes by hand. It needs neither kernel nor addon. */
export { histogram } from './histogram';
export type { Histogram, HistogramOptions, HistogramRow } from './histogram';
export { errnoName, signalName, syscallName, syscallNumber } from './names';
export type { SystemCallArch } from './names';
export { inetNtop, ntohl, ntohs } from './network';
export { ktimeToDate } from './clock';
export type { KtimeClock } from './clock';
export { diskName } from './devices';
export { every } from './interval';
export type { EveryOptions } from './interval';
