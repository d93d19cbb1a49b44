// CSDL XML into plain objects.

import { XMLParser } from 'fast-xml-parser';

const MANY = new Set([
  'Schema', 'EntityType', 'ComplexType', 'EnumType', 'Property', 'NavigationProperty', 'PropertyRef', 'Member',
  'EntityContainer', 'EntitySet', 'Singleton', 'Annotation', 'NavigationPropertyBinding', 'ReferentialConstraint',
]);

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseAttributeValue: false,
  parseTagValue: false,
  processEntities: true,
  isArray: (name) => MANY.has(name),
});

const isCollection = (type) => type.startsWith('Collection(') && type.endsWith(')');
const inner = (type) => (isCollection(type) ? type.slice('Collection('.length, -1) : type);

/** The name of a type without `Collection(…)` and its namespace. */
export const extractTypeName = (type) => inner(type).split('.').pop();

const number = (text) => (text === undefined || !/^\d+$/.test(text) ? undefined : Number(text));
const truth = (text) => (text === undefined ? undefined : text === 'true');

/** Members without a value are left out: whoever reads asks whether one is there. */
const present = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

const annotations = (element) => {
  const list = element.Annotation ?? [];
  if (list.length === 0) return undefined;
  const value = (one) => one['@String'] ?? one['@Bool'] ?? one['@Int'] ?? one['@EnumMember'] ?? one.String ?? '';
  return Object.fromEntries(list.map((one) => [one['@Term'], value(one)]));
};

const property = (element) =>
  present({
    name: element['@Name'],
    type: element['@Type'],
    nullable: truth(element['@Nullable']),
    maxLength: number(element['@MaxLength']),
    precision: number(element['@Precision']),
    scale: number(element['@Scale']),
    annotations: annotations(element),
  });

const navigation = (element) =>
  present({
    name: element['@Name'],
    type: element['@Type'],
    isCollection: isCollection(element['@Type']),
    entityTypeName: extractTypeName(element['@Type']),
    nullable: truth(element['@Nullable']),
    annotations: annotations(element),
  });

const structured = (element) =>
  present({
    name: element['@Name'],
    baseType: element['@BaseType'],
    key: (element.Key?.PropertyRef ?? []).map((one) => one['@Name']),
    properties: (element.Property ?? []).map(property),
    navigationProperties: (element.NavigationProperty ?? []).map(navigation),
    annotations: annotations(element),
  });

/** Members without a value count up from 0; those of flags are told with theirs. */
const enumeration = (element) =>
  present({
    name: element['@Name'],
    underlyingType: element['@UnderlyingType'] ?? 'Edm.Int32',
    isFlags: element['@IsFlags'] === 'true',
    members: (element.Member ?? []).map((one, at) =>
      present({ name: one['@Name'], value: one['@Value'] ?? String(at), annotations: annotations(one) }),
    ),
    annotations: annotations(element),
  });

/** Reads a document; its schemas are told as one, of the namespace that has the entity types. */
export const parseCsdlXml = (xml) => {
  const schemas = parser.parse(xml).Edmx?.DataServices?.Schema;
  if (!schemas?.length) throw new Error('This is no CSDL: there is no Edmx/DataServices/Schema.');
  const all = (name) => schemas.flatMap((schema) => (schema[name] ?? []).map((one) => [schema['@Namespace'], one]));
  const of = (name, read) => all(name).map(([namespace, one]) => ({ namespace, ...read(one) }));
  const container = all('EntityContainer')[0]?.[1];
  const main = schemas.find((schema) => schema.EntityType) ?? schemas[0];
  return {
    namespace: main['@Namespace'],
    namespaces: schemas.map((schema) => schema['@Namespace']),
    entityTypes: of('EntityType', structured),
    complexTypes: of('ComplexType', structured),
    enumTypes: of('EnumType', enumeration),
    ...(container && {
      entityContainer: {
        name: container['@Name'],
        entitySets: (container.EntitySet ?? []).map((one) => ({
          name: one['@Name'],
          entityType: one['@EntityType'],
          bindings: (one.NavigationPropertyBinding ?? []).map((b) => ({ path: b['@Path'], target: b['@Target'] })),
        })),
      },
    }),
  };
};

/** The members of a value of flags: names with commas between, or their bits. */
export const decodeFlagsValue = (enumType, raw) => {
  if (raw === undefined || raw === null) return [];
  const text = String(raw).trim();
  if (!/^-?\d+$/.test(text)) return text.split(',').map((name) => name.trim()).filter(Boolean);
  const bits = BigInt(text);
  const held = (value) => value !== 0n && (bits & value) === value;
  return enumType.members.filter((member) => held(BigInt(member.value))).map((member) => member.name);
};
