//! Paths in any case: the API's own document writes both /Services/Partner and /services/partner.

use axum::Router;
use axum::extract::Request;
use http::Uri;
use http::uri::PathAndQuery;
use tower::ServiceExt as _;

/// The path as the client wrote it, where it was spelled in another case: a signature over the path is
/// over this one.
#[derive(Clone, Debug)]
pub(crate) struct AsWritten(pub(crate) String);

/// The same routes, with `root` (in lower case) found in whatever case a request spells it.
pub fn any_case(root: &str, routes: Router) -> Router {
    let root = root.to_owned();
    Router::new().fallback_service(routes.map_request(move |request: Request| folded(&root, request)))
}

fn folded(root: &str, mut request: Request) -> Request {
    let path = request.uri().path();
    let spelled = path.get(..root.len()).is_some_and(|start| start.eq_ignore_ascii_case(root));
    if !spelled || path.starts_with(root) {
        return request;
    }
    let written = path.to_owned();
    let query = request.uri().query().map_or(String::new(), |query| format!("?{query}"));
    let path = format!("{root}{}{query}", &written[root.len()..]);
    let mut parts = request.uri().clone().into_parts();
    if let Ok(path) = PathAndQuery::try_from(path) {
        parts.path_and_query = Some(path);
        if let Ok(uri) = Uri::from_parts(parts) {
            *request.uri_mut() = uri;
            request.extensions_mut().insert(AsWritten(written));
        }
    }
    request
}
