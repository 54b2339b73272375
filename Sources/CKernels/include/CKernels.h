#pragma once
#include "ck_stats.h"
