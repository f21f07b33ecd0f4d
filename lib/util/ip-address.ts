/** IP addresses as bytes and as text. */
import { isIPv4, isIPv6 } from 'node:net';
import { viewOf } from './bytes';

export const V4_BYTES = 4;
export const V6_BYTES = 16;

/** '10.0.0.1' or '2001:db8::1', in network order; undefined for other text. An interface behind '%' is none of the address. */
export function bytesOfAddress(text: string): number[] | undefined {
  if (isIPv4(text)) return bytesOfV4(text);
  return isIPv6(text) && !text.includes('%') ? bytesOfV6(text) : undefined;
}

/** 4 or 16 bytes in network order as inet_ntop(3) prints them. */
export const textOfAddress = (bytes: Uint8Array): string =>
  bytes.length === V4_BYTES ? bytes.join('.') : textOfV6(bytes);

const bytesOfV4 = (text: string): number[] => text.split('.').map(Number);

function bytesOfV6(text: string): number[] {
  const [head = '', tail] = text.split('::');
  const left = groups(head);
  if (tail === undefined) return left;
  const right = groups(tail);
  return [...left, ...new Array<number>(V6_BYTES - left.length - right.length).fill(0), ...right];
}

/** '2001:db8', optionally ending in an IPv4 address. */
function groups(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (group.includes('.')) return bytesOfV4(group);
    const number = Number.parseInt(group, 16);
    return [number >> 8, number & 0xff];
  });
}

/** The first 12 bytes of an IPv4 address in 16: ::ffff:10.0.0.1. */
const MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/** As RFC 5952 has it: the longest run of zeros, of two groups at least, is left out; mapped IPv4 addresses end in one. */
function textOfV6(bytes: Uint8Array): string {
  if (MAPPED.every((byte, at) => bytes[at] === byte)) return `::ffff:${bytes.subarray(12).join('.')}`;
  const numbers = Array.from({ length: V6_BYTES / 2 }, (_, i) => viewOf(bytes).getUint16(i * 2));
  let [start, most] = [-1, 1];
  for (let i = 0; i < numbers.length; i++) {
    const end = numbers.findIndex((number, at) => at >= i && number !== 0);
    const length = (end === -1 ? numbers.length : end) - i;
    if (length > most) [start, most] = [i, length];
  }
  const text = (part: number[]): string => part.map((number) => number.toString(16)).join(':');
  return start === -1
    ? text(numbers)
    : `${text(numbers.slice(0, start))}::${text(numbers.slice(start + most))}`;
}
