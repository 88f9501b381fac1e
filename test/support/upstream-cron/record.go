// Answers with robfig/cron v3.0.1, the library of upstream's CronJob controller: made upstream-times.tsv from its own first columns.
//
//	cut -f 1-3 upstream-times.tsv | go run record.go > new.tsv    (GO111MODULE=off where the library comes from a package of the system)
package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"time"

	cron "github.com/robfig/cron"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		columns := strings.Split(lines.Text(), "\t")
		zone, err := time.LoadLocation(columns[0])
		check(err)
		schedule, err := cron.ParseStandard(columns[1])
		check(err)
		at, err := time.Parse(time.RFC3339, columns[2])
		check(err)
		at = at.In(zone)
		for i := 0; i < 4 && !at.IsZero(); i++ {
			if at = schedule.Next(at); at.IsZero() {
				columns = append(columns, "none")
			} else {
				columns = append(columns, at.UTC().Format("2006-01-02T15:04:05Z"))
			}
		}
		fmt.Println(strings.Join(columns, "\t"))
	}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
