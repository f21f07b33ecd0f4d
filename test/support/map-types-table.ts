/** The table of map types of docs/maps.md, from the rows of lib/uapi. */
import { mapTypes, type MapType } from '../../lib/uapi/map-types';
import { prettify } from './prettier';

/** What some types have and others lack, by what their rows say; what all maps have is left out. */
function methodsOf(type: MapType): string[] {
  const { keyless, perCpu, holds, mmapable } = mapTypes.rows[type];
  if (type === 'bloom_filter') return ['push', 'mayContain'];
  if (keyless === true) return ['push', 'pop', 'peek'];
  if (type === 'ringbuf' || type === 'perf_event_array') return ['records'];
  // An arena's memory is its variables.
  if (mmapable === true && type !== 'arena') return ['at', 'asArray'];
  if (perCpu === true) return ['setOnAllCpus'];
  return holds === 'maps' ? ['inner'] : [];
}

function lineOf(type: MapType): string {
  const { needs } = mapTypes.rows[type];
  const config = needs?.config.map((option) => `\`${option}\``).join(', ') ?? '';
  const methods = methodsOf(type).map((name) => `\`${name}()\``);
  return `| \`${type}\` | ${needs?.kernel ?? ''} | ${config} | ${methods.join(', ')} |`;
}

export function mapTypesTable(): Promise<string> {
  const lines = ['| type | kernel | configuration | operations of its own |', '| --- | --- | --- | --- |'];
  for (const type of mapTypes.names) if (mapTypes.rows[type].needs !== undefined) lines.push(lineOf(type));
  return prettify(lines.join('\n'), 'markdown');
}
