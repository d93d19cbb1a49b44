//! Makes sample markets: the King County demo and the crowd.
