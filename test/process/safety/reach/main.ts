/** The script of reach.test.ts, in a process of its own. Prints what it found, as JSON. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as Subskel from '../../../../lib';
import type { NativeAddon } from '../../../../lib/native/surface/addon';
import { Natives } from './natives';
import { Spy } from './spy';
import { useEverything, type Files } from './use-everything';
import { Walk } from './walk';

interface Plan {
  readonly what: 'walk' | 'opened before' | 'opened after' | 'properties';
  readonly package: string;
  readonly addon: string;
  readonly files: Files;
}

const plan = JSON.parse(process.argv[2]!) as Plan;
const load = createRequire(__filename);
const subskel = load(plan.package) as typeof Subskel;
const natives = new Natives(load(plan.addon) as NativeAddon, plan.files.events);
const { stringify } = JSON;
const print = process.stdout.write.bind(process.stdout);

async function walk(): Promise<void> {
  const reach = new Walk(natives);
  reach.look({ ...subskel }, 'libbpf-subskel');
  await useEverything(subskel, plan.files, (value, name) => {
    reach.begin();
    reach.look(value, name);
  });
  print(stringify({ found: [...reach.found], count: reach.count }));
}

async function spy(): Promise<void> {
  const spy = new Spy(natives);
  if (plan.what !== 'opened after') {
    await useEverything(subskel, plan.files, (_, name) => name);
    const classes = new Set<unknown>();
    await useEverything(subskel, plan.files, (value) => typeof value === 'function' && classes.add(value));
    for (const made of classes) spy.replaceClass(made);
  }
  spy.replaceClasses(subskel);
  spy.replaceGlobals();
  if (plan.what === 'properties') spy.replaceProperties(names(path.dirname(plan.package)));
  spy.watch(true);
  await useEverything(subskel, plan.files);
  spy.watch(false);
  print(stringify({ found: [...spy.found], count: spy.calls }));
}

/** Whatever the package calls a property, and the first elements of arrays. */
function names(folder: string): Set<string> {
  const all = new Set(Array.from({ length: 40 }, (_, i) => String(i)));
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.js')) continue;
    const text = readFileSync(path.join(folder, file), 'utf8');
    for (const [, name] of text.matchAll(/[.{,]\s*([a-z][A-Za-z0-9]*)/g)) all.add(name!);
  }
  return all;
}

void (plan.what === 'walk' ? walk() : spy());
