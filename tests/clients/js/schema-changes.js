// What differs between the released schema and the present one, and which of it is refused. What is breaking at all is
// graphql-inspector's to say; what a deprecation excuses is said here.

import { CriticalityLevel, diff, DiffRule } from '@graphql-inspector/core';
import { getNamedType, isInputObjectType, isInterfaceType, isObjectType, isSpecifiedScalarType, isUnionType } from 'graphql';

/** Everything that differs: where, what, and whether it is refused. */
export async function changes(before, now) {
  const found = await diff(before, now, [DiffRule.ignoreDescriptionChanges]);
  return found.map(({ type, path, message, criticality }) => ({
    path,
    message,
    isRefused: criticality.level === CriticalityLevel.Breaking && !isExcused(before, type, path),
  }));
}

/** What is removed had a deprecation in the released schema, or could be reached only through what had one. */
function isExcused(schema, kind, path) {
  const [name, member, argument] = path.split('.');
  const type = schema.getType(name);
  switch (kind) {
    case 'FIELD_REMOVED':
    case 'INPUT_FIELD_REMOVED':
      return isDeprecated(type.getFields()[member]);
    case 'FIELD_ARGUMENT_REMOVED':
      return isDeprecated(type.getFields()[member].args.find((it) => it.name === argument));
    case 'ENUM_VALUE_REMOVED':
      return isDeprecated(type.getValue(member));
    case 'TYPE_REMOVED':
      return uses(schema, type).every(isDeprecated);
    default:
      return false;
  }
}

function isDeprecated(element) {
  return element.deprecationReason != null;
}

/** Every field, argument and union through which a document may come to name a type. */
function uses(schema, wanted) {
  const found = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (isSpecifiedScalarType(type)) continue;
    if (isUnionType(type)) found.push(...type.getTypes().filter((it) => it === wanted));
    if (isObjectType(type)) found.push(...type.getInterfaces().filter((it) => it === wanted));
    if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      for (const element of [field, ...field.args ?? []]) {
        // An argument goes with its field.
        if (getNamedType(element.type) === wanted) found.push(isDeprecated(field) ? field : element);
      }
    }
  }
  return found;
}

const HEADING = '## Not released yet';

/** The lines of the changelog about what is not released yet, by the place that each begins with. */
export function told(changelog) {
  const [, rest = ''] = changelog.split(`${HEADING}\n`);
  const lines = rest.split('\n## ')[0].split('\n').filter((line) => line.startsWith('- `'));
  return new Map(lines.map((line) => [/^- `([^`]+)`/.exec(line)[1], line]));
}

/** The changelog with a line for each change: the one that is there, or what the comparison says. */
export function rewritten(changelog, found) {
  const lines = told(changelog);
  const section = found.map(({ path, message }) => lines.get(path) ?? `- \`${path}\`: ${message.replaceAll("'", '`')}`);
  const text = found.length > 0 ? [...new Set(section)].join('\n') : 'Nothing.';
  const [head, rest] = changelog.split(`${HEADING}\n`);
  const released = rest.slice(rest.indexOf('\n## '));
  return `${head}${HEADING}\n\n${text}\n${released}`;
}
