//! What is OData and not offered, by name.

use super::Tree;

/// Constructs by their rule, as a sentence names them. Of two that hold a place the inner one is told.
const CONSTRUCTS: [(&str, &str); 47] = [
    ("temporal", "An option of the temporal extension"),
    ("levels", "$levels"),
    ("id", "$id"),
    ("index", "$index"),
    ("schemaversion", "$schemaversion"),
    ("deltatoken", "$deltatoken here"),
    ("apply", "$apply here"),
    ("compute", "$compute here"),
    ("search", "$search here"),
    ("selectOptionPC", "An option inside $select"),
    ("crossjoin", "$crossjoin"),
    ("filterInPath", "/$filter in a path"),
    ("each", "/$each"),
    ("ref", "/$ref"),
    ("value", "/$value here"),
    ("querySegment", "/$query"),
    ("ordinalIndex", "One element of a list"),
    ("functionImportCall", "A function of the service's own"),
    ("boundOperation", "An operation"),
    ("aliasAndValue", "A parameter alias"),
    ("parameterAlias", "A parameter alias"),
    ("array", "A JSON array"),
    ("object", "A JSON object"),
    ("rootExpr", "$root"),
    ("inscopeVariableExpr", "A whole record as a value"),
    ("functionExpr", "A function of the service's own"),
    ("annotationExpr", "An annotation in an expression"),
    ("castExpr", "A cast to a type of record"),
    ("isofExpr", "A test for a type of record"),
    ("caseCall", "case"),
    ("filterExpr", "/$filter in an expression"),
    ("currCollectionExpr", "$these"),
    ("isdefinedCall", "isdefined"),
    ("durationLiteral", "A duration"),
    ("binaryLiteral", "A binary literal"),
    ("geometryLiteral", "A flat geometry"),
    ("geographyLiteral", "This kind of geography"),
    ("notFinite", "A number that is not finite"),
    ("guid", "A GUID"),
    ("concatTrafo", "concat as a transformation"),
    ("rankTrafo", "A transformation by rank"),
    ("hierarchyTrafo", "A transformation along a hierarchy"),
    ("nestTrafo", "nest"),
    ("joinTrafo", "join"),
    ("rollupLevels", "rollup"),
    ("rollupRecursive", "rolluprecursive"),
    ("aggregateFrom", "from in an aggregation"),
];

/// The innermost construct at byte `at` that has a name here, or else the next after it.
pub(crate) fn construct(tree: &Tree, at: usize) -> Option<&'static str> {
    let name = |rule: &str| CONSTRUCTS.iter().find(|(known, _)| *known == rule).map(|(_, name)| *name);
    let holds = tree.each().filter(|node| node.start <= at && (at < node.end || node.start == at));
    let after = || tree.each().filter(|node| node.start > at).find_map(|node| name(node.rule));
    holds.filter_map(|node| name(node.rule)).last().or_else(after)
}
