// A client of the partner API in Go, which asks for gzip and unpacks it by itself. `.ci/clients` runs it.
package main

import (
	"crypto/md5"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"
)

func main() {
	var demo struct {
		Partner struct{ Url, Client, Systemaccesskey, Feed string }
	}
	told, err := os.ReadFile(os.Getenv("DEMO"))
	check(err)
	check(json.Unmarshal(told, &demo))
	partner := demo.Partner
	body := fmt.Sprintf(`{"FeedIdList": ["%s"], "MaxPrice": 400000, "PageSize": 1000}`, partner.Feed)
	request, err := http.NewRequest("POST", partner.Url+"/GetListings", strings.NewReader(body))
	check(err)
	stamp := time.Now().UTC().Format("20060102150405")
	signed := fmt.Sprintf("%s %s x-ml-timestamp:%s", partner.Client, partner.Systemaccesskey, stamp)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("x-ml-timestamp", stamp)
	request.Header.Set("ml-auth", fmt.Sprintf("client=%s&systemaccesskey=%s&signature=%x",
		partner.Client, partner.Systemaccesskey, md5.Sum([]byte(signed))))
	answer, err := http.DefaultClient.Do(request)
	check(err)
	defer answer.Body.Close()
	var listings []struct {
		ListingId string
		Price     *int
	}
	check(json.NewDecoder(answer.Body).Decode(&listings))
	if answer.StatusCode != 200 || !answer.Uncompressed || len(listings) == 0 {
		panic(fmt.Sprint(answer.Status, " ", len(listings)))
	}
	for _, listing := range listings {
		if listing.Price == nil || *listing.Price > 400000 {
			panic(listing.ListingId)
		}
	}
	fmt.Printf("Go: %d found\n", len(listings))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
