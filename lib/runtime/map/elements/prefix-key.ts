/** Keys of LPM tries for addresses of IP: `struct bpf_lpm_trie_key`, the prefix's length in bits, then the address. */
import { isIPv4, isIPv6 } from 'node:net';
import { isByteArray, viewOf } from '../../../util/bytes';
import { checkString, refuse } from '../../../util/check';
import { ArgumentError } from '../../../errors';

const LENGTH_BYTES = 4;
const V4 = 4;
const V6 = 16;

/**
 * The key of an LPM trie for '10.0.0.0/8' or '2001:db8::/32', as bytes: 8 for IPv4, 20 for IPv6. Without a length it is the one
 * address. Bits behind the prefix stay as they are: the kernel does not look at them.
 * @throws ArgumentError
 */
export function prefixKey(prefix: string): Uint8Array {
  checkString(prefix, 'prefix');
  const [address = '', length, ...rest] = prefix.split('/');
  const bytes = isIPv4(address) ? bytesOfV4(address) : bytesOfV6(address);
  const most = (bytes?.length ?? 0) * 8;
  const bits = length === undefined ? most : /^\d{1,3}$/.test(length) ? Number(length) : Infinity;
  if (bytes === undefined || bits > most || rest.length > 0) {
    throw new ArgumentError(
      `prefix must be an IP address, '/' and a prefix length ('10.0.0.0/8', '2001:db8::/32'), not '${prefix}'`,
    );
  }
  const key = new Uint8Array(LENGTH_BYTES + bytes.length);
  viewOf(key).setUint32(0, bits, true);
  key.set(bytes, LENGTH_BYTES);
  return key;
}

/** What prefixKey() was given: '10.0.0.0/8', with the length in any case. @throws ArgumentError for other bytes */
export function prefixOf(key: Uint8Array): string {
  const size = isByteArray(key) ? key.length - LENGTH_BYTES : 0;
  if (size !== V4 && size !== V6) refuse('key', 'a Uint8Array of 8 or 20 bytes', key);
  const length = viewOf(key).getUint32(0, true);
  if (length > size * 8) throw new ArgumentError(`key: ${String(length)} bits are more than an address has`);
  const address = key.subarray(LENGTH_BYTES);
  return `${size === V4 ? [...address].join('.') : textOfV6(address)}/${String(length)}`;
}

const bytesOfV4 = (address: string): number[] => address.split('.').map(Number);

function bytesOfV6(address: string): number[] | undefined {
  // An interface behind '%' is not in the key.
  if (!isIPv6(address) || address.includes('%')) return undefined;
  const [head = '', tail] = address.split('::');
  const left = groups(head);
  if (tail === undefined) return left;
  const right = groups(tail);
  return [...left, ...new Array<number>(V6 - left.length - right.length).fill(0), ...right];
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

/** As RFC 5952 has it: the longest run of zeros, of two groups at least, is left out. */
function textOfV6(address: Uint8Array): string {
  const numbers = Array.from({ length: V6 / 2 }, (_, i) => viewOf(address).getUint16(i * 2));
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
