//! Serves pictures.
