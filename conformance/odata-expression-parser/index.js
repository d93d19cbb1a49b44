// Stands in for the unpublished @reso-standards/odata-expression-parser: $filter and $expand as trees. The suite asks
// nothing of it; the client that it stands on checks its own options with it.

const OPERATORS = [['or'], ['and'], ['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'has', 'in'], ['add', 'sub'], ['mul', 'div', 'divby', 'mod']];
const KINDS = ['logical', 'logical', 'comparison', 'arithmetic', 'arithmetic'];
const WORD =
  /\s*(?:('(?:[^']|'')*')|(\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|([A-Za-z_$@][\w.$@]*(?:\/[A-Za-z_$][\w.$]*)*)|([(),:]))/y;

/** An $expand that cannot be read. */
export class ExpandParseError extends Error {}

const words = (text) => {
  const found = [];
  WORD.lastIndex = 0;
  while (text.slice(WORD.lastIndex).trim()) {
    const at = WORD.lastIndex;
    const match = WORD.exec(text);
    if (!match) throw new Error(`Nothing can be read at ${at}: ${text.slice(at, at + 20)}`);
    const [, string, number, name, sign] = match;
    found.push({ string, number, name, sign });
  }
  return found;
};

/** Reads a $filter. */
export const parseFilter = (text) => {
  const all = words(text);
  let next = 0;
  const sign = (wanted) => all[next]?.sign === wanted && ++next > 0;
  const need = (wanted) => {
    if (!sign(wanted)) throw new Error(`${wanted} is missing after ${next} words`);
  };
  const level = (depth) => {
    if (depth === OPERATORS.length) return unary();
    let left = level(depth + 1);
    while (OPERATORS[depth].includes(all[next]?.name?.toLowerCase())) {
      const operator = all[next++].name.toLowerCase();
      left = { type: KINDS[depth], operator, left, right: level(depth + 1) };
    }
    return left;
  };
  const listed = () => {
    const items = [];
    if (sign(')')) return items;
    do items.push(level(0));
    while (sign(','));
    need(')');
    return items;
  };
  const unary = () => {
    if (all[next]?.name?.toLowerCase() === 'not') {
      next++;
      return { type: 'not', operand: unary() };
    }
    if (sign('(')) {
      const items = listed();
      return items.length === 1 ? items[0] : { type: 'collection', items };
    }
    const word = all[next++];
    if (word?.string !== undefined) return { type: 'literal', value: word.string.slice(1, -1).replaceAll("''", "'") };
    if (word?.number !== undefined) return { type: 'literal', value: word.number };
    if (word?.name === undefined) throw new Error(`A value is missing after ${next} words`);
    if (['true', 'false', 'null'].includes(word.name)) return { type: 'literal', value: JSON.parse(word.name) };
    if (!sign('(')) return { type: 'property', name: word.name };
    const lambda = /^(.+)\/(any|all)$/.exec(word.name);
    if (!lambda) return { type: 'function', name: word.name, args: listed() };
    const source = { type: 'property', name: lambda[1] };
    if (sign(')')) return { type: 'lambda', operator: lambda[2], source, predicate: { type: 'literal', value: true } };
    const variable = all[next++]?.name;
    need(':');
    const predicate = level(0);
    need(')');
    return { type: 'lambda', operator: lambda[2], variable, source, predicate };
  };
  const read = level(0);
  if (next < all.length) throw new Error(`Nothing may follow after ${next} words`);
  return read;
};

/** Reads an $expand: links and the options between their parentheses. */
export const parseExpand = (text) => {
  const parts = [];
  let depth = 0;
  let from = 0;
  let quoted = false;
  for (let at = 0; at <= text.length; at++) {
    const letter = text[at];
    if (letter === "'") quoted = !quoted;
    if (quoted) continue;
    if (letter === '(') depth++;
    if (letter === ')') depth--;
    if ((letter === ',' && depth === 0) || at === text.length) {
      parts.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  if (depth !== 0 || quoted) throw new ExpandParseError('Parentheses or quotes are left open');
  return parts.map((part) => {
    const match = /^([A-Za-z_]\w*)(?:\((.*)\))?$/s.exec(part);
    if (!match) throw new ExpandParseError(`This is no link: ${part}`);
    return { property: match[1], options: match[2] ?? '' };
  });
};
