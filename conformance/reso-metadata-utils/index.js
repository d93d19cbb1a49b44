// Stands in for the unpublished @reso-standards/reso-metadata-utils: fetches, reads and checks $metadata, and makes the
// report of it that the suite's other steps read.

export { fetchRawMetadata, fetchRawMetadataWithVersion, MetadataFetchError } from './fetch.js';
export { decodeFlagsValue, extractTypeName, parseCsdlXml } from './csdl.js';
export { validateCsdl } from './validate.js';
export { generateMetadataReport, serializeMetadataReport } from './report.js';
