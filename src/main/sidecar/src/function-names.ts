import { GlobalNameSpace } from '../node_modules/@malloydata/malloy/dist/lang/ast/types/global-name-space';
// The module itself, of which Malloy takes the class for each text.
import module from '../node_modules/@malloydata/malloy/dist/lang/ast/types/global-name-space';

/**
 * Makes Malloy list the functions of all its dialects once. It does so for each text, which is a
 * quarter of what a short one takes, and the list is the same each time: nothing may write to it.
 */
export function rememberFunctionNames(): void {
  const names = new GlobalNameSpace();
  const internals = module as unknown as { GlobalNameSpace: unknown };
  internals.GlobalNameSpace = function () {
    return names;
  };
}
