//! One holder at a time.

use std::time::Duration;

use store::Store;

use crate::on_each_engine;
use crate::town::second;

const TTL: Duration = Duration::from_secs(10);

on_each_engine! {
    async fn a_lease_has_one_holder_until_it_runs_out(home) {
        let store = home.open().await;
        let take = async |holder: &str, at| store.take_lease("job", holder, TTL, second(at)).await.unwrap();
        let a = take("a", 0).await.unwrap();
        assert_eq!((a.name.as_str(), a.holder.as_str(), a.until), ("job", "a", second(10)));
        assert_eq!(take("b", 9).await, None);
        assert_eq!(take("a", 5).await.unwrap().until, second(15));
        let a = store.renew_lease(&a, TTL, second(14)).await.unwrap().unwrap();
        assert_eq!(a.until, second(24));
        assert_eq!(take("b", 23).await, None);
        assert_eq!(take("b", 24).await.unwrap().until, second(34));
        assert_eq!(store.renew_lease(&a, TTL, second(25)).await.unwrap(), None);
        store.release_lease(&a).await.unwrap();
        assert_eq!(take("a", 26).await, None, "a lease that was lost is not given back by its old holder");
        let b = store.take_lease("job", "b", TTL, second(26)).await.unwrap().unwrap();
        store.release_lease(&b).await.unwrap();
        assert!(take("a", 26).await.is_some());
        assert!(store.take_lease("other", "b", TTL, second(26)).await.unwrap().is_some());
    }

    async fn of_many_who_ask_one_gets_it(home) {
        let store = home.open().await;
        let ask = |number: usize, store: Store| async move {
            store.take_lease("job", &number.to_string(), TTL, second(0)).await.unwrap()
        };
        let asking: Vec<_> = (0..20).map(|number| tokio::spawn(ask(number, store.clone()))).collect();
        let mut got = 0;
        for one in asking {
            got += usize::from(one.await.unwrap().is_some());
        }
        assert_eq!(got, 1);
    }
}
