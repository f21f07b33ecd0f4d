import type { Type } from '../../btf/layout/layout-model';
import type { Region } from '../../memory/region/region';
import type { Variable } from '../../memory/types';
import { createVariable } from '../../memory/variable/variable';
import type { VariableSymbol } from './variables';

/** The variables of a section that were made so far: all subskeletons share them, by symbol and by the type it is read by. */
export class MadeVariables {
  readonly #region: () => Region;
  readonly #made = new WeakMap<VariableSymbol, Map<Type, Variable>>();

  constructor(region: () => Region) {
    this.#region = region;
  }

  get(symbol: VariableSymbol, type: Type): Variable {
    let typed = this.#made.get(symbol);
    if (typed === undefined) this.#made.set(symbol, (typed = new Map<Type, Variable>()));
    let variable = typed.get(type);
    if (variable === undefined) {
      const { name, section, offset, size, declaration } = symbol;
      variable = createVariable(this.#region(), { name, section, offset, size, type, declaration });
      typed.set(type, variable);
    }
    return variable;
  }

  /** By name, each of its own type. */
  all(symbols: readonly VariableSymbol[]): Map<string, Variable> {
    return new Map(symbols.map((symbol) => [symbol.name, this.get(symbol, symbol.type)]));
  }
}
