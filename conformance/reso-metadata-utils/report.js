// $metadata as a RESO metadata report: resources, fields and lookups.

import { parseCsdlXml } from './csdl.js';

const list = (annotations) => Object.entries(annotations ?? {}).map(([term, value]) => ({ term, value }));
const isCollection = (type) => type.startsWith('Collection(');
/** Members without a value are left out. */
const present = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

const field = (resourceName, one) =>
  present({
    resourceName,
    fieldName: one.name,
    type: one.type,
    nullable: one.nullable ?? true,
    isCollection: isCollection(one.type) || undefined,
    maxLength: one.maxLength,
    precision: one.precision,
    scale: one.scale,
    annotations: list(one.annotations),
  });

const expansion = (resourceName, one) =>
  present({
    resourceName,
    fieldName: one.name,
    type: one.type,
    typeName: one.entityTypeName,
    nullable: one.nullable ?? true,
    isExpansion: true,
    isCollection: one.isCollection,
    annotations: list(one.annotations),
  });

const lookup = (type) =>
  type.members.map((member) => ({
    lookupName: `${type.namespace}.${type.name}`,
    lookupValue: member.name,
    type: type.underlyingType,
    annotations: list(member.annotations),
  }));

/** The report of a document that was read. */
export const serializeMetadataReport = (schema, version) => ({
  description: 'RESO Data Dictionary Metadata Report',
  version,
  generatedOn: new Date().toISOString(),
  resources: schema.entityTypes.map((type) => ({ resourceName: type.name })),
  fields: schema.entityTypes.flatMap((type) => [
    ...type.properties.map((one) => field(type.name, one)),
    ...type.navigationProperties.map((one) => expansion(type.name, one)),
  ]),
  lookups: schema.enumTypes.flatMap(lookup),
});

/** The report of a text of $metadata. */
export const generateMetadataReport = (xml, version) => serializeMetadataReport(parseCsdlXml(xml), version);
