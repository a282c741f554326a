package exchange_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/domain/ref"
)

func TestGeneratedSKUs(t *testing.T) {
	t.Parallel()
	const suffix = `-[0-9A-F]{8}`
	long := strings.Repeat("very-", 20) + "long"
	for _, c := range []struct{ name, rows, want string }{
		{"no options", "mug,Mug,,Title,Default Title,,,,,,,5,,\n", `MUG`},
		{"values", "mug,Mug,,Size,Extra Large,Colour,Sea / Sky,,,,,5,,\n", `MUG-EXTRA-LARGE-SEA-SKY`},
		{"accents", "crème-brûlée,Dessert,,Größe,Weiß & Ærø,,,,,,,5,,\n", `CREME-BRULEE-WEISS-AERO`},
		{"accents behind letters", "cafe\u0301,Coffee,,,,,,,,,,5,,\n", `CAFE`},
		{"numbers", "mug,Mug,,Size,10.5_b,,,,,,,5,,\n", `MUG-10.5_B`},
		{"another script", "mug,Mug,,Colour,红,,,,,,,5,,\n", `MUG` + suffix},
		{"another script alone", "红茶,Tea,,,,,,,,,,5,,\n", `SKU` + suffix},
		{"signs", "mug,Mug,,Size,++,,,,,,,5,,\n", `MUG` + suffix},
		{"too long", long + ",Mug,,,,,,,,,,5,,\n", `VERY-[VERY-]{49}V?` + suffix},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := read(t, columns+c.rows).Products[0].Variants[0]
			if !regexp.MustCompile(`^` + c.want + `$`).MatchString(string(v.SKU)) {
				t.Errorf("the SKU is %s, want %s", v.SKU, c.want)
			}
			for _, sku := range []ref.SKU{v.SKU, v.Spare} {
				if _, err := ref.ParseSKU(string(sku)); err != nil {
					t.Errorf("%q: %v", sku, err)
				}
			}
			if again := read(t, columns+"pot,Pot,,,,,,,,,,5,,\n"+c.rows).Products[1].Variants[0]; again.SKU != v.SKU || again.Spare != v.Spare {
				t.Errorf("in another file the SKU is %s, not %s", again.SKU, v.SKU)
			}
		})
	}
}

func TestGeneratedSKUsDiffer(t *testing.T) {
	t.Parallel()
	a := "a-b,First,,Size,c,,,,,,,5,,\n"
	b := "a,Second,,Size,b-c,,,,,,,5,,\n"
	own := "z,Third,,,,,,TAKEN,,,,5,,\n"
	taken := "taken,Fourth,,,,,,,,,,5,,\n"
	forwards := read(t, columns+a+b+own+taken).Products
	backwards := read(t, columns+taken+own+b+a).Products
	seen := map[ref.SKU]bool{}
	for i, p := range forwards {
		sku := p.Variants[0].SKU
		if seen[sku] {
			t.Errorf("two variants have the SKU %s", sku)
		}
		seen[sku] = true
		if other := backwards[len(backwards)-1-i].Variants[0].SKU; other != sku {
			t.Errorf("%s is %s in another order", sku, other)
		}
	}
	if !seen["TAKEN"] || seen["A-B-C"] {
		t.Errorf("the SKUs are %v: one that stands in the file stays, one that two would get is nobody's", seen)
	}
}
